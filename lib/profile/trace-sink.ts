import { ProfileError } from './errors.js';
import { fileSystem } from './node.js';
import { ProtoWriter } from './proto-writer.js';

/** Where a trace goes. */
export interface TraceSink {
  write(bytes: Uint8Array): void;
  /** What was written lasts: it is in the file. */
  flush(): void;
}

/** Bytes collected before they go to the file. */
const CHUNK_BYTES = 2 ** 18;

/** Keeps a trace in memory. */
export class MemorySink implements TraceSink {
  private readonly all = new ProtoWriter();

  write(bytes: Uint8Array): void {
    this.all.append(bytes);
  }

  flush(): void {
    // It is where it stays.
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.all.bytes);
  }
}

/** Appends a trace to a file, which is made anew. Node only. */
export class FileSink implements TraceSink {
  private readonly fs = fileSystem('a profile can be written to a file');
  private readonly file: number;
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private length = 0;

  /** Throws ProfileError where the file cannot be made. */
  constructor(private readonly path: string) {
    this.file = this.attempt('open', () => this.fs.openSync(path, 'w'));
  }

  write(bytes: Uint8Array): void {
    if (this.length + bytes.length > CHUNK_BYTES) this.flush();
    if (bytes.length > CHUNK_BYTES) {
      this.put(bytes);
      return;
    }
    this.chunk.set(bytes, this.length);
    this.length += bytes.length;
  }

  flush(): void {
    const { length } = this;
    this.length = 0;
    this.put(this.chunk.subarray(0, length));
  }

  /** A system call may write less than it is given. */
  private put(bytes: Uint8Array): void {
    this.attempt('write', () => {
      for (let at = 0; at < bytes.length;) at += this.fs.writeSync(this.file, bytes, at);
    });
  }

  private attempt<T>(what: string, body: () => T): T {
    try {
      return body();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProfileError(`cannot ${what} the profile ${this.path}: ${reason}`, { cause: error });
    }
  }
}
