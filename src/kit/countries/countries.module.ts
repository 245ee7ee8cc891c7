import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Countries } from '../../access/ports/countries.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { CountryFile, NoCountries } from './country-file.js';

@Global()
@Module({
  providers: [
    {
      provide: Countries,
      useFactory: ({ countryFile }: Config, log: Log) =>
        countryFile === undefined ? new NoCountries() : CountryFile.open(countryFile, log),
      inject: [CONFIG, LOG],
    },
  ],
  exports: [Countries],
})
export class CountriesModule implements OnApplicationShutdown {
  constructor(private readonly countries: Countries) {}

  onApplicationShutdown(): void {
    if (this.countries instanceof CountryFile) this.countries.close();
  }
}
