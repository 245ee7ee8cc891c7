import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const INBOUND = {
  id: IDS.inboundTrunk,
  auth_username: 'harbour-tours-7f3c',
  noise_suppression_enabled: true,
  phone_numbers: ['+4940123400'],
  sip_endpoint: 'sip.gatehouse.example',
  agent_id_header: 'X-Agent-Id',
};
const OUTBOUND = {
  name: 'Carrier',
  host: 'sip.carrier.example',
  port: 5061,
  transport: 'tls',
  username: 'harbourtours',
  caller_number: '+4940123400',
};

export const sipExamples = defineExamples({
  schemas: {
    CreateInboundTrunkDto: { phone_numbers: ['+4940123400'], noise_suppression_enabled: true },
    InboundTrunk: INBOUND,
    NewInboundTrunk: { ...INBOUND, auth_password: 'shown-once-when-it-is-made' },
    CreateOutboundTrunkDto: { ...OUTBOUND, password: 'password-of-the-carrier' },
    CreatedOutboundTrunk: { id: IDS.outboundTrunk, name: OUTBOUND.name },
    UpdateOutboundTrunkDto: { password: 'next-password-of-the-carrier' },
    OutboundTrunk: { id: IDS.outboundTrunk, ...OUTBOUND },
  },
  paths: { '/phone/sip/outbound-trunks/{id}': IDS.outboundTrunk },
});
