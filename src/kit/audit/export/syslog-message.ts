import type { ExportLine } from './export-sink.js';

/** RFC 5424: facility 13 is "log audit". */
const FACILITY = 13;
const NOTICE = 5;
const ALERT = 1;
const SEVERITY_HIGH = 4;
const MSGID_CHARACTERS_MAX = 32;
/** RFC 5424 section 7.3.1: it starts again at 1. */
const SEQUENCE_ID_MAX = 2_147_483_647;

/** Formats messages of RFC 5424, framed by octet counting (RFC 5425 section 4.3). */
export class SyslogFormat {
  #sequenceId = 0;

  constructor(
    private readonly hostname: string,
    private readonly version: string,
  ) {}

  /**
   * The structured data has registered elements only: ids of our own need an enterprise number. The message is JSON in UTF-8
   * without a byte order mark, which parsers of JSON refuse.
   */
  frame({ event, json }: ExportLine): Buffer {
    const severity = event.severity_id >= SEVERITY_HIGH ? ALERT : NOTICE;
    const { event_code: action } = event.metadata;
    const header = [
      `<${FACILITY * 8 + severity}>1`,
      new Date(event.time).toISOString(),
      this.hostname,
      'gatehouse',
      '-',
      action.slice(0, MSGID_CHARACTERS_MAX),
    ].join(' ');
    this.#sequenceId = (this.#sequenceId % SEQUENCE_ID_MAX) + 1;
    const data = `[origin software="gatehouse" swVersion="${this.version}"][meta sequenceId="${this.#sequenceId}"]`;
    const message = Buffer.from(`${header} ${data} ${json}`);
    return Buffer.concat([Buffer.from(`${message.length} `), message]);
  }
}
