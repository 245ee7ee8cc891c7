import { Parser } from 'htmlparser2';

export interface ReadXml {
  /** The text of each element outside of `entries`, by its name; the last one of several. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  /** The texts of each `<Contents>`. */
  readonly entries: readonly Readonly<Record<string, string | undefined>>[];
}

/** Reads the answers of the S3 API, which have no attributes and no mixed content. Other text has no elements. */
export function readXml(xml: string): ReadXml {
  const texts: Record<string, string | undefined> = {};
  const entries: Record<string, string | undefined>[] = [];
  let target = texts;
  let text = '';
  const parser = new Parser(
    {
      onopentag: (name) => {
        text = '';
        if (name === 'Contents') entries.push((target = {}));
      },
      ontext: (part) => void (text += part),
      onclosetag: (name) => {
        if (name === 'Contents') target = texts;
        else target[name] = text;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return { texts, entries };
}
