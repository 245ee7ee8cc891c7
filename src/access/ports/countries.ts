/** Finds the country of a client address. Implemented by `kit/countries/`. */
export abstract class Countries {
  /**
   * Looks in memory. Takes some microseconds, so call it where counts and logs are stored, not on each request.
   * @returns the ISO 3166-1 alpha-2 code, such as `DE`; null if it is unknown
   */
  abstract of(address: string): string | null;
}
