import { describe, expect, test } from '@jest/globals';
import {
  buffer,
  child,
  manualSeed,
  Module,
  NameError,
  ones,
  param,
  parameter,
  ShapeError,
  StateDictError,
  TraceError,
  zeros,
  type Parameter,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';

class Attention extends Module {
  qProj = new Linear(4, 4, { bias: false });
  @child({ name: 'out' }) oProj = new Linear(4, 4);
  @buffer mask = buffer([2, 2], ones());
  forward(): void {}
}

class Block extends Module {
  selfAttn = new Attention();
  @param({ name: 'gamma' }) scale = parameter([4], ones());
  undecorated = parameter([2]);
  forward(): void {}
}

class Net extends Module {
  layers = [new Block(), new Block()];
  heads = new Map([['task.a', new Linear(4, 1)]]);
  extra = { lmHead: new Linear(4, 2) };
  forward(): void {}
}

describe('what a module holds', () => {
  test('is found through fields, arrays, Maps and plain objects, and named in snake_case', () => {
    expect(Object.keys(new Net().stateDict())).toEqual([
      ...['0', '1'].flatMap((i) => [
        `layers.${i}.self_attn.q_proj.weight`,
        `layers.${i}.self_attn.out.weight`,
        `layers.${i}.self_attn.out.bias`,
        `layers.${i}.self_attn.mask`,
        `layers.${i}.gamma`,
        `layers.${i}.undecorated`,
      ]),
      'heads.task.a.weight',
      'heads.task.a.bias',
      'extra.lm_head.weight',
      'extra.lm_head.bias',
    ]);
  });

  test('is split into parameters, buffers, modules and children', () => {
    const block = new Block();
    expect([...block.namedParameters().keys()]).toEqual([
      'self_attn.q_proj.weight',
      'self_attn.out.weight',
      'self_attn.out.bias',
      'gamma',
      'undecorated',
    ]);
    expect([...block.namedBuffers().keys()]).toEqual(['self_attn.mask']);
    expect([...block.namedModules().keys()]).toEqual(['', 'self_attn', 'self_attn.q_proj', 'self_attn.out']);
    expect([...block.namedChildren().keys()]).toEqual(['self_attn']);
    expect([...new Net().namedChildren().keys()]).toEqual(['layers.0', 'layers.1', 'heads.task.a', 'extra.lm_head']);
    expect(block.parameterCount()).toBe(16 + 20 + 4 + 2);
  });

  test('is inherited, and what a subclass adds stays unknown to the class it extends', () => {
    class Lora extends Linear<4, 4> {
      @param loraA = parameter([2, 4]);
      constructor() {
        super(4, 4);
      }
    }
    expect(Object.keys(new Lora().stateDict())).toEqual(['weight', 'bias', 'lora_a']);
    expect(Object.keys(new Linear(4, 4).stateDict())).toEqual(['weight', 'bias']);
  });

  test('ends at cycles', () => {
    class Child extends Module {
      weight = parameter([1]);
      constructor(readonly parent: Module) {
        super();
      }
      forward(): void {}
    }
    class Parent extends Module {
      inner = new Child(this);
      forward(): void {}
    }
    expect(Object.keys(new Parent().stateDict())).toEqual(['inner.weight']);
  });
});

describe('a parameter of two modules', () => {
  class Tied extends Module {
    embed = new Linear(3, 5, { bias: false });
    head = new Linear(3, 5, { bias: false });
    constructor() {
      super();
      this.head.weight = this.embed.weight;
    }
    forward(): void {}
  }

  test('is trained once and stands under both names in the state dict', () => {
    const model = new Tied();
    expect([...model.namedParameters().keys()]).toEqual(['embed.weight']);
    expect(model.parameterCount()).toBe(15);
    const dict = model.stateDict();
    expect(Object.keys(dict)).toEqual(['embed.weight', 'head.weight']);
    expect(dict['embed.weight']).toEqual(dict['head.weight']);
  });
});

describe('training mode', () => {
  test('is set for the module and all inside it', () => {
    const net = new Net();
    expect(net.training).toBe(true);
    expect(net.eval()).toBe(net);
    expect([...net.namedModules().values()].map((module) => module.training)).not.toContain(true);
    net.train();
    expect([...net.namedModules().values()].map((module) => module.training)).not.toContain(false);
    net.layers[0]!.eval();
    expect(net.layers[0]!.selfAttn.training).toBe(false);
    expect(net.layers[1]!.selfAttn.training).toBe(true);
  });
});

describe('state dicts', () => {
  test('round-trip', () => {
    manualSeed(1);
    const [a, b] = [new Net(), new Net()];
    expect(b.stateDict()).not.toEqual(a.stateDict());
    b.loadStateDict(a.stateDict());
    expect(b.stateDict()).toEqual(a.stateDict());
  });

  test('with another shape, an unknown or a missing name change nothing', () => {
    const layer = new Linear(2, 1);
    const before = layer.stateDict();
    const load = (dict: Parameters<Module['loadStateDict']>[0]) => () => layer.loadStateDict(dict);
    const bias = { shape: [1], data: [7] };
    expect(load({ bias, weight: { shape: [2, 1], data: [1, 2] } })).toThrow(
      "loadStateDict of Linear: 'weight' must have shape [1, 2], got [2, 1] (transposed: weights of linear layers are [out, in])",
    );
    expect(load({ bias, weight: { shape: [1, 2], data: [1] } })).toThrow(ShapeError);
    expect(load({ bias, wieght: { shape: [1, 2], data: [1, 2] } })).toThrow(
      "loadStateDict of Linear: missing 'weight' ('wieght' is close);\n  unexpected 'wieght'",
    );
    expect(load({ bias })).toThrow(new StateDictError('loadStateDict of Linear', ['weight'], [], []));
    expect(layer.stateDict()).toEqual(before);
    layer.loadStateDict({ bias }, { strict: false });
    expect(Array.from(layer.stateDict()['bias']!.data)).toEqual([7]);
  });

  test('hold buffers in their dtype', () => {
    class Counter extends Module {
      steps = buffer([2], [3, 4], 'i32');
      forward(): void {}
    }
    expect(new Counter().stateDict()).toEqual({
      steps: { shape: [2], dtype: 'i32', data: Int32Array.of(3, 4) },
    });
  });
});

describe('mistakes', () => {
  test('two equal names name both attributes', () => {
    class Twice extends Module {
      qProj = parameter([1]);
      q_proj = parameter([1]);
      forward(): void {}
    }
    expect(() => new Twice().namedParameters()).toThrow(
      new NameError(
        "Twice: qProj and q_proj are both named 'q_proj': give one another name with @param({ name }), " +
          '@buffer({ name }) or @child({ name })',
      ),
    );
    class Deep extends Module {
      inner = new Linear(1, 1);
      @param({ name: 'inner.bias' }) other = parameter([1]);
      forward(): void {}
    }
    expect(() => new Deep().stateDict()).toThrow(/Deep: inner\.bias and other are both named 'inner\.bias'/);
  });

  test.each([[undefined], [NaN], [-1], [1.5]])('a dimension %p names the attribute and the compiler flags', (size) => {
    class Wrong extends Module {
      @param weight = parameter([2, size as number], zeros());
      forward(): void {}
    }
    class Outer extends Module {
      hidden = new Wrong();
      forward(): void {}
    }
    const message =
      `hidden.weight: a parameter cannot have shape [2, ${size}]. When a dimension comes from a constructor ` +
      'parameter, the compiler must run with "experimentalDecorators": true and "useDefineForClassFields": false, so ' +
      'that fields are initialised after constructor parameters are stored';
    expect(() => new Outer().namedParameters()).toThrow(new ShapeError(message));
    expect(() => new Outer().stateDict()).toThrow(new ShapeError(message));
  });

  test('a named dimension is for inputs', () => {
    expect(() => new Linear('model', 3).namedParameters()).toThrow(
      new ShapeError('weight: a parameter of shape [3, model] needs numbers; names are for inputs, which trace binds'),
    );
  });

  test('a decorated field that holds something else', () => {
    class Wrong extends Module {
      @param weight = buffer([1]) as unknown as Parameter; // eslint-disable-line no-restricted-syntax -- on purpose
      forward(): void {}
    }
    expect(() => new Wrong().namedParameters()).toThrow(
      new TraceError('weight: @param is for a parameter: parameter(shape); the field holds a StateBuffer'),
    );
  });

  test('values of another number', () => {
    const weights = class extends Module {
      weight = parameter([2, 2], [1, 2, 3]);
      forward(): void {}
    };
    expect(() => new weights().stateDict()).toThrow(
      new ShapeError('a parameter of shape [2, 2] takes 4 values, got 3'),
    );
  });
});
