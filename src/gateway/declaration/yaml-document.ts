import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event, YAMLException } from 'js-yaml';

/** A node of a YAML document, with the offset where it begins. */
export type YamlNode = YamlText | YamlList | YamlMap;
export interface YamlText {
  readonly kind: 'text';
  readonly value: string;
  /** Without quotes, so that YAML may read a number, a boolean or null. */
  readonly isPlain: boolean;
  readonly at: number;
}
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: number;
}
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: YamlNode; readonly value: YamlNode }[];
  readonly at: number;
}

/** What is wrong with a document, and at which offset. */
export interface YamlFault {
  readonly at: number;
  readonly message: string;
}
export interface YamlDocument {
  /** Undefined: the text has no document, or can't be parsed. */
  readonly root: YamlNode | undefined;
  readonly faults: readonly YamlFault[];
}

const DEPTH_MAX = 10;
const ALIAS = 'An alias (*name) is not supported here. Write the value out.';
const TAG = 'A tag (!name) is not supported here. Remove it.';

/**
 * Parses YAML, and thereby JSON, to nodes with their places. Time is linear: aliases and tags are faults, and nothing is
 * expanded. A syntax error is the only fault, because what follows it can't be read.
 */
export function parseYaml(text: string): YamlDocument {
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: DEPTH_MAX });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const tooDeep = `Values are nested more than ${DEPTH_MAX} deep.`;
    const reason = error.reason.includes('maxDepth') ? tooDeep : `This is not valid YAML or JSON: ${error.reason}.`;
    return { root: undefined, faults: [{ at: error.mark?.position ?? 0, message: reason }] };
  }
  return new Builder(text, events).document();
}

/** Builds nodes from the events of the parser. */
class Builder {
  readonly #faults: YamlFault[] = [];
  #next = 0;
  /** An empty scalar has no place of its own. */
  #last = 0;

  constructor(
    private readonly text: string,
    private readonly events: readonly Event[],
  ) {}

  document(): YamlDocument {
    let root: YamlNode | undefined;
    if (this.events.length > 0) {
      this.#next = 1;
      root = this.#node();
      // The end of the document.
      this.#next++;
      if (this.#next < this.events.length) {
        this.#next++;
        const { at } = this.#node();
        this.#faults.push({ at, message: 'A second document begins here. Send one document per service.' });
      }
    }
    return { root, faults: this.#faults };
  }

  #node(): YamlNode {
    const event = this.events[this.#next++]!;
    if ('tagStart' in event && event.tagStart >= 0) this.#faults.push({ at: event.tagStart, message: TAG });
    if (event.type === EVENT_ID.SCALAR) {
      const at = (this.#last = event.valueStart >= 0 ? event.valueStart : this.#last);
      const isPlain = event.style === SCALAR_STYLE.PLAIN;
      return { kind: 'text', value: getScalarValue(this.text, event), isPlain, at };
    }
    if (event.type === EVENT_ID.SEQUENCE) {
      const at = (this.#last = event.start);
      return { kind: 'list', items: this.#untilEnd(() => this.#node()), at };
    }
    if (event.type === EVENT_ID.MAPPING) {
      const at = (this.#last = event.start);
      return { kind: 'map', entries: this.#untilEnd(() => ({ key: this.#node(), value: this.#node() })), at };
    }
    const at = event.type === EVENT_ID.ALIAS ? event.anchorStart : this.#last;
    this.#faults.push({ at, message: ALIAS });
    return { kind: 'text', value: '', isPlain: false, at };
  }

  #untilEnd<Item>(read: () => Item): Item[] {
    const items: Item[] = [];
    while (this.events[this.#next]!.type !== EVENT_ID.POP) items.push(read());
    this.#next++;
    return items;
  }
}
