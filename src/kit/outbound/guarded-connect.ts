import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { OutboundFailure } from './outbound-failure.js';
import { isPublicAddress } from './public-address.js';

/**
 * Returns a connector that refuses private addresses (SSRF). It checks the lookup that the socket itself uses, which
 * prevents DNS rebinding.
 * @param connectBy undici's `buildConnector`
 * @param resolve as `dns.lookup`
 * @param canReach called for every address of the name
 */
export function guardedConnect(
  connectBy: typeof buildConnector,
  resolve: LookupFunction,
  canReach: (address: string) => boolean = isPublicAddress,
): buildConnector.connector {
  const connect = connectBy({ lookup: guardedLookup(resolve, canReach) });
  return (options, callback) => {
    // Node doesn't call `lookup` for IP addresses.
    if (isIP(options.hostname) && !canReach(options.hostname)) callback(refusal(options.hostname), null);
    else connect(options, callback);
  };
}

function guardedLookup(resolve: LookupFunction, canReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) callback(error, []);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), []);
      // One private address is enough to refuse: public names have none.
      else if (addresses.some(({ address }) => !canReach(address))) callback(refusal(hostname), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(host: string): OutboundFailure {
  return new OutboundFailure('unreachable', `${host} is not on the public internet`);
}
