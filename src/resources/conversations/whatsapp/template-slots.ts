import type { TemplateMessage } from '../../../kit/outbound/whatsapp-cloud.js';

/** A component in the format of the Cloud API. Other properties are stored and ignored. */
export interface TemplateComponent {
  readonly type: string;
  readonly format?: unknown;
  readonly text?: unknown;
  readonly buttons?: unknown;
}
type SentComponent = TemplateMessage['components'][number];

/** A part of a template that has variables. Slots are in the order of the variables of a message. */
interface Slot {
  readonly part: Omit<SentComponent, 'parameters'>;
  /** `1` or `first_name`; for a media header, its kind. */
  readonly names: readonly string[];
  readonly kind: string;
}

const COMPONENTS_MAX = 10;
const TEXT_CHARACTERS_MAX = 1_024;
const SHOWN_CHARACTERS_MAX = 60;
const MEDIA = ['image', 'video', 'document'];
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** Requires a body, and text in text components. */
export function isComponents(value: unknown): value is TemplateComponent[] {
  if (!Array.isArray(value) || value.length > COMPONENTS_MAX || !value.every(isComponent)) return false;
  const types = (value as TemplateComponent[]).map(({ type }) => type.toUpperCase());
  return new Set(types).size === types.length && types.includes('BODY');
}

/** Returns the start of a text in braces that is no placeholder, which WhatsApp would refuse; undefined if there is none. */
export function findBrokenPlaceholder(components: readonly TemplateComponent[]): string | undefined {
  const texts = components.flatMap(({ text, buttons = [] }) => [
    text,
    ...(buttons as readonly Record<string, unknown>[]).map(({ url }) => url),
  ]);
  const rests = texts.map((text) => String(text ?? '').replaceAll(PLACEHOLDER, ''));
  const broken = rests.find((rest) => rest.includes('{{'));
  return broken?.slice(broken.indexOf('{{')).slice(0, SHOWN_CHARACTERS_MAX).toWellFormed();
}

function isComponent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { type, format, text, buttons = [] } = value as Record<string, unknown>;
  const isText = typeof text === 'string' && text !== '' && text.length <= TEXT_CHARACTERS_MAX;
  return (
    typeof type === 'string' &&
    (format === undefined || typeof format === 'string') &&
    (text === undefined ? type.toUpperCase() !== 'BODY' : isText) &&
    Array.isArray(buttons) &&
    buttons.every((button) => typeof button === 'object' && button !== null && !Array.isArray(button))
  );
}

export function variablesCount(components: readonly TemplateComponent[]): number {
  return slotsOf(components).reduce((count, { names }) => count + names.length, 0);
}

/** The text with its variables, for the history. */
export function textOf(components: readonly TemplateComponent[], variables: readonly string[]): string {
  const values = valuesByPart(components, variables);
  const lines = ['HEADER', 'BODY', 'FOOTER'].flatMap((type) => {
    const text = componentOf(components, type)?.text;
    const known = values.get(type.toLowerCase()) ?? new Map<string, string>();
    return typeof text === 'string'
      ? [text.replace(PLACEHOLDER, (whole, name: string) => known.get(name) ?? whole)]
      : [];
  });
  return lines.join('\n');
}

/** The variables in the format of the Cloud API. */
export function sentComponents(
  components: readonly TemplateComponent[],
  variables: readonly string[],
): SentComponent[] {
  const left = [...variables];
  return slotsOf(components).map(({ part, names, kind }) => ({
    ...part,
    parameters: names.map((name) => {
      const value = left.shift()!;
      if (kind !== 'text') return { type: kind, [kind]: { link: value } };
      return { type: kind, ...(!/^\d+$/.test(name) && { parameter_name: name }), text: value };
    }),
  }));
}

function slotsOf(components: readonly TemplateComponent[]): Slot[] {
  const header = componentOf(components, 'HEADER');
  const media = MEDIA.find((kind) => kind === String(header?.format ?? '').toLowerCase());
  const buttons = (componentOf(components, 'BUTTONS')?.buttons ?? []) as readonly Record<string, unknown>[];
  const slots: Slot[] = [
    { part: { type: 'header' }, names: media ? [media] : namesIn(header?.text), kind: media ?? 'text' },
    { part: { type: 'body' }, names: namesIn(componentOf(components, 'BODY')?.text), kind: 'text' },
    ...buttons.map(({ url }, index) => ({
      part: { type: 'button', sub_type: 'url', index: String(index) },
      names: namesIn(url),
      kind: 'text',
    })),
  ];
  return slots.filter(({ names }) => names.length > 0);
}

function componentOf(components: readonly TemplateComponent[], wanted: string): TemplateComponent | undefined {
  return components.find(({ type }) => type.toUpperCase() === wanted);
}

/** Unique names: in numeric order, or in the order of the text. */
function namesIn(text: unknown): string[] {
  const names = new Set([...String(text ?? '').matchAll(PLACEHOLDER)].map(([, name]) => name!));
  return [...names].sort((one, other) => (Number(one) || 0) - (Number(other) || 0));
}

function valuesByPart(components: readonly TemplateComponent[], variables: readonly string[]) {
  const left = [...variables];
  return new Map(
    slotsOf(components).map(({ part, names }): [string, Map<string, string>] => [
      part.type,
      new Map(names.map((name) => [name, left.shift()!])),
    ]),
  );
}
