/** For `@About`: fields of settings that the server stores for a telephony system (decision 0018). */
export const FOR_TELEPHONY = { storedOnly: 'Only the telephony system uses it.' } as const;
