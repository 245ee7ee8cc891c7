import type { CommandLoaders } from './command.js';

/** The commands, in the order of the help. Loaded one by one, because loading all takes longer than most commands run. */
export const COMMANDS: CommandLoaders = {
  migrate: async () => (await import('./migrate.js')).migrate,
  'partner create': async () => (await import('./partner.js')).partnerCreate,
  'partner list': async () => (await import('./partner.js')).partnerList,
  'partner update': async () => (await import('./partner.js')).partnerUpdate,
  'partner activate': async () => (await import('./partner.js')).partnerActivate,
  'partner deactivate': async () => (await import('./partner.js')).partnerDeactivate,
  'partner key create': async () => (await import('./partner-key.js')).partnerKeyCreate,
  'partner key list': async () => (await import('./partner-key.js')).partnerKeyList,
  'partner key revoke': async () => (await import('./partner-key.js')).partnerKeyRevoke,
  'org create': async () => (await import('./org.js')).orgCreate,
  'org list': async () => (await import('./org.js')).orgList,
  'login-link create': async () => (await import('./login-link.js')).loginLinkCreate,
  'whatsapp number assign': async () => (await import('./whatsapp-number.js')).whatsAppNumberAssign,
  'whatsapp number release': async () => (await import('./whatsapp-number.js')).whatsAppNumberRelease,
  'whatsapp number list': async () => (await import('./whatsapp-number.js')).whatsAppNumberList,
  'signing-key rotate': async () => (await import('./signing-key.js')).signingKeyRotate,
  'encryption new-key': async () => (await import('./encryption.js')).encryptionNewKey,
  'encryption rotate': async () => (await import('./encryption.js')).encryptionRotate,
  'encryption drop-old-keys': async () => (await import('./encryption.js')).encryptionDropOldKeys,
  'audit verify': async () => (await import('./audit.js')).auditVerify,
  'audit heads': async () => (await import('./audit.js')).auditHeads,
  'audit new-key': async () => (await import('./audit.js')).auditNewKey,
  doctor: async () => (await import('./doctor.js')).doctor,
};
