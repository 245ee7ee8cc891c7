import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { OutboundFailure } from './outbound-failure.js';
import { isPublicAddress } from './public-address.js';

/**
 * How a socket to a host of somebody else's choosing is opened: the look-up that the socket itself connects by is the
 * one that is checked, so that a name can't answer with one address to a check and with another to the connection.
 * @param connectBy undici's `buildConnector`
 * @param resolve as `dns.lookup`
 * @param mayReach asked of every address that the name has
 */
export function guardedConnect(
  connectBy: typeof buildConnector,
  resolve: LookupFunction,
  mayReach: (address: string) => boolean = isPublicAddress,
): buildConnector.connector {
  const connect = connectBy({ lookup: guardedLookup(resolve, mayReach) });
  return (options, callback) => {
    // What is an address already is never looked up.
    if (isIP(options.hostname) && !mayReach(options.hostname)) callback(refusal(options.hostname), null);
    else connect(options, callback);
  };
}

function guardedLookup(resolve: LookupFunction, mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error) callback(error, []);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), []);
      // One that is private is enough: a name of the public internet has none.
      else if (addresses.some(({ address }) => !mayReach(address))) callback(refusal(hostname), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(host: string): OutboundFailure {
  return new OutboundFailure('unreachable', `${host} is not on the public internet`);
}
