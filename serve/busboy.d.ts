/** The part of busboy 1.6 that the service uses. */
declare module 'busboy' {
  import type { Readable, Writable } from 'node:stream';

  interface FileInfo {
    filename: string | undefined;
    encoding: string;
    mimeType: string;
  }

  interface Options {
    headers: { 'content-type'?: string };
    limits?: { files?: number; fields?: number; fieldSize?: number; fileSize?: number; parts?: number };
    defParamCharset?: string;
  }

  interface Busboy extends Writable {
    on(event: 'file', listener: (field: string, stream: Readable, info: FileInfo) => void): this;
    on(event: 'field', listener: (name: string, value: string) => void): this;
    on(event: 'filesLimit' | 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  export default function busboy(options: Options): Busboy;
}
