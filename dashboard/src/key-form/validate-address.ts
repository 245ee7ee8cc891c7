const V4_BITS = 32;
const V6_BITS = 128;

/** The problem of an address or range, by the rules of the server; undefined if it is valid. */
export function validateAddress(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.split('/');
  const value = address.includes(':') ? v6Value(address) : v4Value(address);
  if (value === undefined || rest.length > 0) return `${entry} is not an IP address or range.`;
  if (prefix === undefined) return undefined;
  const bits = address.includes(':') ? V6_BITS : V4_BITS;
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits)
    return `${entry} is not a range: use /1 to /${bits}.`;
  if (prefix === '0') return `${entry} allows every address: leave the list empty instead.`;
  const hostBits = BigInt(bits - Number(prefix));
  return (value >> hostBits) << hostBits === value
    ? undefined
    : `${entry} must start at the first address of its range.`;
}

function v4Value(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(BigInt);
  return bytes.every((byte) => byte <= 255n) ? bytes.reduce((sum, byte) => sum * 256n + byte, 0n) : undefined;
}

/** The browser's URL parser accepts every spelling of an address and returns the canonical one. */
function v6Value(text: string): bigint | undefined {
  if (!URL.canParse(`http://[${text}]`)) return undefined;
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - left!.length - right!.length }, () => '0');
  return [...left!, ...zeros, ...right!].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
