import { expect, it } from '@jest/globals';
import { decodePicture } from '../../../lib/zoo/image/decode.js';
import { ImageProcessor } from '../../../lib/zoo/image/image-processor.js';
import { encodePng } from '../../../lib/zoo/image/png.js';
import { hasBrowser, runInPage } from '../../page.js';
import { picture, reference } from './pictures.js';

const config = { image_processor_type: 'ViTImageProcessor', size: { height: 9, width: 8 }, resample: 3 };

(hasBrowser ? it : it.skip)('a page decodes, prepares and encodes pictures as Node does', async () => {
  const png = await encodePng(picture(23, 17));
  const sideways = reference.files.find(({ name }) => name === 'JPEG on its side')!;
  const answer = (await runInPage(
    `
    import { decodePicture, loadPicture } from '/lib/zoo/image/decode.js';
    import { ImageProcessor } from '/lib/zoo/image/image-processor.js';
    import { encodePng } from '/lib/zoo/image/png.js';

    const refusal = (work) => work.then(() => 'none', (error) => error.name + ': ' + error.message);
    const decoded = await loadPicture('/picture.png');
    const upright = await loadPicture('/sideways.jpg');
    export default {
      data: [...decoded.data],
      upright: [upright.width, upright.height],
      pixels: [...ImageProcessor.fromConfig(${JSON.stringify(config)}).process([decoded]).data],
      png: [...(await encodePng(decoded))],
      broken: await refusal(decodePicture(Uint8Array.of(1, 2, 3), 'cat.png')),
      missing: await refusal(loadPicture('/missing.png')),
    };
    `,
    { '/picture.png': png, '/sideways.jpg': Buffer.from(sideways.bytes, 'base64') },
  )) as { data: number[]; upright: number[]; pixels: number[]; png: number[]; broken: string; missing: string };

  // Canvases are RGBA.
  const opaque = [...picture(23, 17).data].flatMap((byte, i) => (i % 3 === 2 ? [byte, 255] : [byte]));
  expect(answer.data).toEqual(opaque);
  expect(answer.upright).toEqual([sideways.width, sideways.height]);
  expect(answer.pixels).toEqual([...ImageProcessor.fromConfig(config).process([picture(23, 17)]).data]);
  expect([...(await decodePicture(Uint8Array.from(answer.png))).data]).toEqual(opaque);
  expect(answer.broken).toMatch(/^PictureError: cat\.png: this is no picture that can be read/);
  expect(answer.missing).toMatch(/^PictureError: \/missing\.png: the picture cannot be read: the server answered 404/);
});
