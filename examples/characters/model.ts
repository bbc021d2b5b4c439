import { add, crossEntropy, input, Module, normal, parameter, trace, type Dim, type Tensor } from 'meganeura';
import { Embedding, LayerNorm, Linear, TransformerBlock } from 'meganeura/layers';

export interface CharacterModelSizes {
  /** Different characters. */
  readonly alphabet: number;
  /** Characters that are seen at once. */
  readonly window: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

/** A transformer that says after each character which comes next, from that one and those before it in the window. */
export class CharacterModel extends Module {
  characters = new Embedding(this.sizes.alphabet, this.sizes.width);
  positions = parameter([this.sizes.window, this.sizes.width], normal(0, 0.3));
  blocks = Array.from(
    { length: this.sizes.layers },
    () => new TransformerBlock(this.sizes.width, this.sizes.heads, { causal: true }),
  );
  norm = new LayerNorm(this.sizes.width);
  head = new Linear(this.sizes.width, this.sizes.alphabet);

  constructor(readonly sizes: CharacterModelSizes) {
    super();
    // As large as the positions: attention finds the character before it sooner than beside vectors of length √width.
    this.characters.weight.initialize(normal(0, 0.3));
  }

  /** Characters [B, window] i32 to logits [B, window, alphabet]. */
  forward<B extends Dim>(ids: Tensor<[B, number], 'i32'>): Tensor<[B, number, number], 'f32'> {
    const placed = add(this.characters.forward(ids), this.positions);
    const last = this.blocks.reduce((x, block) => block.forward(x), placed);
    return this.head.forward(this.norm.forward(last));
  }
}

/** Windows and what comes after each of their characters, `ids` and `next` [batch, window] i32: logits and loss out. */
export function traceCharacters(model: CharacterModel, batch: number) {
  const { window } = model.sizes;
  const inputs = { ids: input([batch, window], 'i32'), next: input([batch, window], 'i32') };
  return trace(model, inputs, ({ ids, next }) => {
    const logits = model.forward(ids);
    return { logits, loss: crossEntropy(logits, next) };
  });
}
