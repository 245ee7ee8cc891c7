import { randomUUID } from 'node:crypto';

/** A unique name. */
export const unique = (what: string) => `${what} ${randomUUID().slice(0, 8)}`;

export const ACTION = {
  name: 'Look up',
  api_endpoint: 'https://api.acme.example/orders',
  request_type: 'GET',
  payload: { parameters: [], responses: {} },
};

/** A credential for the origin of `ACTION`. */
export const ACTION_CREDENTIAL = { type: 'bearer', origin: 'https://api.acme.example', secret: 'sk-live-1' };

export const OFFICE_HOURS = {
  name: 'Main',
  iana_timezone: 'Europe/Berlin',
  shifts: [{ day_of_week: 'monday', start_time: '09:00:00', end_time: '17:00:00' }],
};

/** A step of a sequence. */
export const STEP = {
  action: {
    type: 'send_emails',
    data: {
      from_email: 'hello@acme.example',
      email_subject: 'Welcome',
      email_body: '<p>Hello!</p>',
      email_sender_name: 'Acme Tours',
      email_is_transactional: false,
    },
  },
  delay_in_minutes: 0,
};
