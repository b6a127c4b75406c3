import { iso } from '../../evidence/instant.ts';

/** Taskcluster's error codes and the HTTP status of each. */
const STATUS = {
  MalformedPayload: 400,
  InvalidRequestArguments: 400,
  InputValidationError: 400,
  InputError: 400,
  AuthenticationFailed: 401,
  InsufficientScopes: 403,
  ResourceNotFound: 404,
  RequestConflict: 409,
  InternalServerError: 500,
} as const;

type ErrorCode = keyof typeof STATUS;

/** An answer that is an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface Failed {
  method: string;
  params: Record<string, string>;
  payload: unknown;
  now: number;
}

/** The body that the services send: the message says again what the rest says. */
export function errorReply(
  { code, message }: ApiError,
  { method, params, payload, now }: Failed,
): { status: number; body: unknown } {
  const time = iso(now);
  const said = [`* method:     ${method}`, `* errorCode:  ${code}`, `* statusCode: ${STATUS[code]}`, `* time:       ${time}`];
  return {
    status: STATUS[code],
    body: { code, message: `${message}\n\n---\n\n${said.join('\n')}`, requestInfo: { method, params, payload, time } },
  };
}
