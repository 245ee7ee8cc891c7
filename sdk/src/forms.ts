/** The body of an upload route: fields with a `Blob`, or a form. */
export type WithForm<Init> = Init extends { readonly body?: infer Body }
  ? Extract<Body, { file: unknown }> extends never
    ? Init
    : Omit<Init, 'body'> & { body: WithFile<Body> | FormData }
  : Init;
/** Restores Blob, whose members openapi-fetch maps. */
type WithFile<Body> = Body extends { file: infer File }
  ? Omit<Body, 'file'> & { file: File extends readonly unknown[] ? readonly Blob[] : Blob }
  : Body;

/** Serializes a body as a form if a field is a file, else as JSON. */
export function serializedBody(body: unknown): FormData | string {
  if (body instanceof FormData) return body;
  return isWithFile(body) ? formOf(body) : JSON.stringify(body);
}

function isWithFile(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.values(body).some(isFile);
}

/** A file or a list of files. */
function isFile(value: unknown): value is Blob | readonly Blob[] {
  return (
    value instanceof Blob || (Array.isArray(value) && value.length > 0 && value.every((each) => each instanceof Blob))
  );
}

/** Sends each file as a part, strings unchanged and other values as JSON, and omits undefined fields. */
function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (isFile(value)) for (const file of [value].flat()) form.append(name, file);
    else if (value !== undefined) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return form;
}
