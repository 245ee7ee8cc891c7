type Headers = Readonly<Record<string, string>>;

let ofCurrentTrace: (() => Headers) | undefined;

/** Returns the headers that continue the current trace in another server (W3C Trace Context). None unless tracing is on. */
export function traceHeaders(): Headers {
  return ofCurrentTrace?.() ?? {};
}

/** To be called once, by what traces requests. */
export function provideTraceHeaders(headersOf: () => Headers): void {
  ofCurrentTrace = headersOf;
}
