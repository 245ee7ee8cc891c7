import ipaddr from 'ipaddr.js';

const RECORD_BITS = 24;
const SEPARATOR_BYTES = 16;
const METADATA_MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');

/** Types of the data section (maxmind.github.io/MaxMind-DB). Above 7 they are written as an extension. */
const TYPES = { text: 2, uint16: 5, uint32: 6, map: 7, uint64: 9, list: 11 } as const;

type Leaf = { readonly offset: number };
type Branch = [Branch | Leaf | undefined, Branch | Leaf | undefined];

/** A file in MaxMind's format. @param countries by CIDR network, such as `203.0.113.0/24` */
export function countryDatabase(countries: Readonly<Record<string, string>>): Buffer {
  const root: Branch = [undefined, undefined];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [network, code] of Object.entries(countries)) {
    const entry = map({ country: map({ iso_code: text(code) }) });
    insert(root, bitsOf(network), { offset });
    data.push(entry);
    offset += entry.length;
  }
  const branches = branchesOf(root);
  const tree = Buffer.concat(branches.flatMap((branch) => branch.map((child) => recordOf(child, branches))));
  return Buffer.concat([tree, Buffer.alloc(SEPARATOR_BYTES), ...data, METADATA_MARKER, metadata(branches.length)]);
}

/** IPv4 networks are in `::/96`. */
function bitsOf(network: string): number[] {
  const [address, length] = ipaddr.parseCIDR(network);
  const bytes = address.toByteArray();
  const bits = bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> (7 - bit)) & 1));
  const prefix = bits.slice(0, length);
  return address.kind() === 'ipv4' ? [...new Array<number>(96).fill(0), ...prefix] : prefix;
}

function insert(root: Branch, bits: readonly number[], leaf: Leaf): void {
  let branch = root;
  for (const bit of bits.slice(0, -1)) branch = (branch[bit] ??= [undefined, undefined]) as Branch;
  branch[bits.at(-1)!] = leaf;
}

function branchesOf(root: Branch): Branch[] {
  const found = [root];
  for (const branch of found) for (const child of branch) if (Array.isArray(child)) found.push(child);
  return found;
}

function recordOf(child: Branch | Leaf | undefined, branches: readonly Branch[]): Buffer {
  const record = Buffer.alloc(RECORD_BITS / 8);
  const unknown = branches.length;
  const value =
    child === undefined
      ? unknown
      : Array.isArray(child)
        ? branches.indexOf(child)
        : unknown + SEPARATOR_BYTES + child.offset;
  record.writeUIntBE(value, 0, record.length);
  return record;
}

function metadata(nodeCount: number): Buffer {
  return map({
    node_count: unsigned('uint32', 4, nodeCount),
    record_size: unsigned('uint16', 2, RECORD_BITS),
    ip_version: unsigned('uint16', 2, 6),
    database_type: text('Test-Country'),
    languages: control('list', 0),
    binary_format_major_version: unsigned('uint16', 2, 2),
    binary_format_minor_version: unsigned('uint16', 2, 0),
    build_epoch: unsigned('uint64', 6, 1_790_000_000),
    description: map({}),
  });
}

/** @param size below 29, which fits into the control byte */
function control(type: keyof typeof TYPES, size: number): Buffer {
  const number = TYPES[type];
  return Buffer.from(number <= 7 ? [(number << 5) | size] : [size, number - 7]);
}

function text(value: string): Buffer {
  return Buffer.concat([control('text', value.length), Buffer.from(value)]);
}

function unsigned(type: 'uint16' | 'uint32' | 'uint64', bytes: number, value: number): Buffer {
  const number = Buffer.alloc(bytes);
  number.writeUIntBE(value, 0, bytes);
  return Buffer.concat([control(type, bytes), number]);
}

function map(entries: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([control('map', pairs.length / 2), ...pairs]);
}
