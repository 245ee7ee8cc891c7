import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const CREDENTIAL = { name: 'Booking system', type: 'header', parameter: 'X-Api-Token' };
const ORIGIN = 'https://api.harbourtours.example';

export const actionCredentialExamples = defineExamples({
  schemas: {
    ActionCredential: { id: IDS.actionCredential, ...CREDENTIAL, origin: ORIGIN },
    CreateActionCredentialDto: { ...CREDENTIAL, origin: ORIGIN, secret: 'secret-of-the-booking-system' },
    UpdateActionCredentialDto: { secret: 'next-secret-of-the-booking-system' },
  },
  paths: { '/action-credentials/{id}': IDS.actionCredential },
});
