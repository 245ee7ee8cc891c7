import { type ActionCredential, SECRET_CHARACTERS_MIN } from './action-credential.entity.js';

type Placement = Pick<ActionCredential, 'type' | 'parameter'>;

interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const MASK = '***';

/** Returns the request with the credential, which replaces an input value in the same place. */
export function placeCredential<R extends Request>(request: R, { type, parameter }: Placement, secret: string): R {
  switch (type) {
    case 'bearer':
      return withHeader(request, 'authorization', `Bearer ${secret}`);
    case 'basic':
      return withHeader(request, 'authorization', `Basic ${base64Of(secret)}`);
    case 'header':
      return withHeader(request, parameter!.toLowerCase(), secret);
    case 'query': {
      const url = new URL(request.url);
      url.searchParams.set(parameter!, secret);
      return { ...request, url: url.href };
    }
  }
}

/** Masks the secret in an API's answer, which may echo the request. */
export function withoutSecret(text: string, secret: string): string {
  const password = secret.slice(secret.indexOf(':') + 1);
  return [secret, base64Of(secret), password]
    .flatMap((form) => [form, encodeURIComponent(form), JSON.stringify(form).slice(1, -1)])
    .filter((form) => form.length >= SECRET_CHARACTERS_MIN)
    .reduce((masked, form) => masked.replaceAll(form, MASK), text);
}

function withHeader<R extends Request>(request: R, name: string, value: string): R {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64');
}
