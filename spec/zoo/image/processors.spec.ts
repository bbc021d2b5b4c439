import { describe, expect, it } from '@jest/globals';
import { ShapeError, ValueError } from '../../../lib/ir/errors.js';
import { ConfigError } from '../../../lib/zoo/config-fields.js';
import { expandImages, imagePrompt } from '../../../lib/zoo/image/image-prompt.js';
import { ImageProcessor } from '../../../lib/zoo/image/image-processor.js';
import { TilingImageProcessor } from '../../../lib/zoo/image/tiling-processor.js';
import { expectClose } from '../../values.js';
import { every, fromBase64, picture, reference } from './pictures.js';

/** transformers computes in f32 after the bytes, which are equal: two roundings. */
const TOLERANCE = 1e-6;

describe('image processors do what those of transformers do', () => {
  it.each(reference.processors.map((one) => [JSON.stringify(one.config), one] as const))(
    '%s',
    (_, { config, sizes, shape, stride, values }) => {
      const out = ImageProcessor.fromConfig(config).process(sizes.map((size) => picture(...size)));
      expect(out.shape).toEqual(shape);
      expectClose(every(out.data, stride), values, TOLERANCE);
    },
  );

  it('reads old files, in which sizes are numbers and processors are feature extractors', () => {
    const old = { feature_extractor_type: 'ConvNextFeatureExtractor', size: 20, crop_pct: 0.875 };
    const now = { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 20 } };
    const both = [old, now].map((config) => ImageProcessor.fromConfig(config).process([picture(30, 40)]));
    expect(both[0]).toEqual(both[1]);
    const vit = ImageProcessor.fromConfig({ image_processor_type: 'ViTImageProcessorFast', size: 9 });
    expect(vit.process([picture(30, 40)]).shape).toEqual([1, 3, 9, 9]);
  });
});

describe('tiles of SmolVLM and Idefics3 are those of transformers', () => {
  it.each(reference.tiled.map((one) => [JSON.stringify([one.config, one.nested]), one] as const))(
    '%s',
    (_, expected) => {
      const nested = expected.nested.map((sizes) => sizes.map((size) => picture(...size)));
      const out = TilingImageProcessor.fromConfig(expected.config).process(nested);
      expect(out.shape).toEqual(expected.shape);
      expectClose(every(out.data, expected.stride), expected.values, TOLERANCE);
      expect(Buffer.from(out.attentionMask).equals(Buffer.from(fromBase64(expected.mask)))).toBe(true);
      expect(out.grids.map((row) => row.map((grid) => grid.rows))).toEqual(expected.rows);
      expect(out.grids.map((row) => row.map((grid) => grid.columns))).toEqual(expected.cols);
      expect(out.grids.map((row) => row.map((grid) => imagePrompt(grid, 2)))).toEqual(expected.prompts);
    },
  );

  it('are announced in the prompt', () => {
    const text = expandImages(
      'a <image>, b <image>.',
      [
        { rows: 1, columns: 2 },
        { rows: 0, columns: 0 },
      ],
      1,
      {
        fake: '|',
        global: '<g>',
      },
    );
    expect(text).toBe('a |<row_1_col_1><image>|<row_1_col_2><image>\n\n|<g><image>|, b |<g><image>|.');
    expect(() => expandImages('no picture', [{ rows: 0, columns: 0 }], 1)).toThrow(
      new ValueError('the prompt has 0 places for pictures (<image>), and there are 1 pictures'),
    );
  });
});

describe('bad input', () => {
  const config = { image_processor_type: 'ViTImageProcessor', do_resize: false };

  it('in a configuration is refused by name', () => {
    const refusal = (bad: object) => expect(() => ImageProcessor.fromConfig({ ...config, ...bad }));
    refusal({ image_processor_type: 'SmolVLMImageProcessor' }).toThrow(ConfigError);
    refusal({ image_processor_type: undefined }).toThrow('feature_extractor_type: expected one of ViTImageProcessor');
    refusal({ resample: 0 }).toThrow('preprocessor_config.json: resample: expected one of 1, 2, 3, 4, 5, got 0');
    refusal({ image_mean: [1, 2] }).toThrow('image_mean: expected a list of 3 numbers, got [1,2]');
    refusal({ image_std: [1, 0, 1] }).toThrow('image_std: expected three numbers above 0');
    refusal({ size: { height: 5 } }).toThrow('size: expected { height, width } or { shortest_edge }, got {"height":5}');
    refusal({ size: 0 }).toThrow(ConfigError);
    expect(() => TilingImageProcessor.fromConfig(config)).toThrow(ConfigError);
  });

  it('among pictures is refused', () => {
    const processor = ImageProcessor.fromConfig(config);
    expect(() => processor.process([])).toThrow(ValueError);
    expect(() => processor.process([picture(3, 4), picture(4, 4)])).toThrow(
      new ShapeError('ImageProcessor: picture 1 comes to 4 × 4 pixels and the first to 3 × 4: give them one at a time'),
    );
    const tiling = TilingImageProcessor.fromConfig({ image_processor_type: 'Idefics3ImageProcessor' });
    expect(() => tiling.process([[], []])).toThrow(ValueError);
  });
});
