/**
 * The flags of WebGPU as the specification fixes them. The library uses these and not the globals of the same meaning
 * (`GPUBufferUsage` …), which Node lacks even when a device is injected.
 */

/** https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage */
export const BufferUsage = {
  MAP_READ: 0x0001,
  MAP_WRITE: 0x0002,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  INDEX: 0x0010,
  VERTEX: 0x0020,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  INDIRECT: 0x0100,
  QUERY_RESOLVE: 0x0200,
} as const;

/** https://www.w3.org/TR/webgpu/#namespacedef-gpumapmode */
export const MapMode = { READ: 0x0001, WRITE: 0x0002 } as const;
