import { curl, type Credential, headersOf } from '../text/curl';
import type { FirstCall } from './first-call';

/** The address that stands for that of a service whose declaration has none. */
export const URL_PLACEHOLDER = 'https://your-service.example';

type Call = Pick<FirstCall, 'method' | 'path'> & { readonly service: Pick<FirstCall['service'], 'url'> };

/** A curl command that calls a service. */
export function serviceCurl({ service, method, path }: Call, credential: Credential): string {
  const url = quoted((service.url ?? URL_PLACEHOLDER) + encodeURI(path));
  return curl(method === 'GET' ? url : `-X ${method} ${url}`, headersOf(credential));
}

/** In quotes if a shell could read it differently. */
function quoted(url: string): string {
  return /^[\w.~:/%-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`;
}
