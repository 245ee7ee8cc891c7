import type { Connector } from '../connector.js';
import { fareharbor } from './fareharbor.js';
import { shopify } from './shopify.js';
import { zendesk } from './zendesk.js';

/** Every provider there is: a file and a line here make one. */
export const CONNECTORS: readonly Connector[] = [fareharbor, shopify, zendesk];
