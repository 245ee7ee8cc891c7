import { defineExamples } from '../../core/wire/examples.js';

export const manageExamples = defineExamples({
  schemas: {
    GrantableResource: {
      audience: 'org',
      resource: 'contacts',
      label: 'Contacts',
      description: 'The people who write or call, and what is known about them.',
      actions: ['read', 'write'],
      service: null,
      service_label: null,
    },
    GrantingService: { service: 'bookings', label: 'Bookings', description: 'Departures and their bookings.' },
  },
});
