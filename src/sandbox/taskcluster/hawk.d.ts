/** The part of `hawk` that is used; the package has no types of its own. */
declare module 'hawk' {
  interface Request {
    method: string;
    url: string;
    host: string;
    port: number;
    authorization: string;
  }
  interface Credentials {
    key: string;
    algorithm: 'sha256';
  }
  interface Artifacts {
    /** Seconds since the epoch by the sender's clock, as text. */
    ts: string;
    hash?: string;
  }
  const hawk: {
    server: {
      authenticate<C extends Credentials>(
        request: Request,
        credentials: (id: string) => C | Promise<C>,
        options: { timestampSkewSec: number },
      ): Promise<{ credentials: C; artifacts: Artifacts }>;
    };
    crypto: { calculatePayloadHash(payload: string, algorithm: 'sha256', contentType: string): string };
    utils: { parseAuthorizationHeader(header: string): { id?: string; ext?: string } };
  };
  export default hawk;
}
