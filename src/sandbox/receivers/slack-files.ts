import type { Clock } from '../../ports.ts';

export interface SlackFile {
  id: string;
  name: string;
  /** Bytes that were announced. */
  length: number;
  alt: string;
  content?: Buffer;
  /** When its upload was completed; it is usable once Slack has examined it. */
  completedAt?: number;
}

type Args = Record<string, unknown>;

const ID = /^F[A-Z0-9]{8,}$/;
const IMAGES = /\.(png|jpe?g|gif)$/i;

/** Slack's files as its API has them: announced, sent, completed, examined, deleted. */
export class SlackFiles {
  /** Those that are there, oldest first. */
  readonly files: SlackFile[] = [];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #examining: number;
  #made = 0;

  /** `examining` is how long it takes from a completed upload to a usable file, in milliseconds. */
  constructor(clock: Pick<Clock, 'now'>, examining: number) {
    this.#clock = clock;
    this.#examining = examining;
  }

  /** Slack's error code, or what `files.getUploadURLExternal` answers. `base` is where content may be sent. */
  announce({ filename, length, alt_text: alt }: Args, base: string): string | Record<string, unknown> {
    const bytes = Number(length);
    if (typeof filename !== 'string' || filename === '' || !(bytes > 0)) return 'invalid_arguments';
    const file: SlackFile = {
      id: `F0CANARY${String(++this.#made).padStart(3, '0')}`,
      name: filename,
      length: bytes,
      alt: typeof alt === 'string' ? alt : '',
    };
    this.files.push(file);
    return { upload_url: `${base}/upload/${file.id}`, file_id: file.id };
  }

  /** The content of a file that was announced, as a form in several parts; false where it is not what was announced. */
  receive(id: string, form: Buffer): boolean {
    const file = this.#find(id);
    const start = form.indexOf('\r\n\r\n') + 4;
    const end = form.lastIndexOf('\r\n--');
    if (file === undefined || start < 4 || end - start !== file.length) return false;
    file.content = form.subarray(start, end);
    return true;
  }

  complete(files: unknown): string | Record<string, unknown> {
    const asked = Array.isArray(files) ? files.map((file) => this.#find((file as Args)?.['id'])) : [];
    const known = asked.filter((file) => file?.content !== undefined) as SlackFile[];
    if (known.length === 0 || known.length < asked.length) return 'file_not_found';
    for (const file of known) file.completedAt = this.#clock.now();
    return { files: known.map(({ id, name }) => ({ id, title: name })) };
  }

  info(id: unknown): string | Record<string, unknown> {
    const file = this.#find(id);
    if (file === undefined) return 'file_not_found';
    const examined = this.isUsable(id);
    return { file: { id: file.id, name: file.name, mimetype: examined ? 'image/png' : '', size: file.content?.length ?? 0 } };
  }

  delete(id: unknown): string | Record<string, unknown> {
    const file = this.#find(id);
    if (file === undefined) return 'file_not_found';
    this.files.splice(this.files.indexOf(file), 1);
    return {};
  }

  /** Whether a message may show it. */
  isUsable(id: unknown): boolean {
    const file = this.#find(id);
    return (
      file?.completedAt !== undefined &&
      ID.test(file.id) &&
      IMAGES.test(file.name) &&
      this.#clock.now() >= file.completedAt + this.#examining
    );
  }

  #find(id: unknown): SlackFile | undefined {
    return this.files.find((file) => file.id === id);
  }
}
