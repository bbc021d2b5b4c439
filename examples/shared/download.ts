import type { DownloadProgress } from 'meganeura/hub';
import { Bar } from './bar.js';

/** What `fromPretrained` tells its progress to, and what clears the bar. */
export function downloadBar(): { onProgress: (progress: DownloadProgress) => void; end: () => void } {
  const bar = new Bar();
  return {
    onProgress: ({ file, loadedBytes, totalBytes }) => {
      const of = `${megabytes(loadedBytes)} of ${megabytes(totalBytes)} MB`;
      bar.draw(file, totalBytes > 0 ? loadedBytes / totalBytes : 1, of);
    },
    end: () => bar.end(),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
