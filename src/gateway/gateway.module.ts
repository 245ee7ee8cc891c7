import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../tenancy/api-keys/api-keys.module.js';
import { SigningKeysModule } from '../tenancy/signing-keys/signing-keys.module.js';
import { Assertions } from './assertions/assertions.js';
import { ForwardAuth } from './doors/forward-auth.js';
import { ForwardAuthController } from './doors/forward-auth.controller.js';
import { IntrospectionController } from './doors/introspection.controller.js';
import { Introspections } from './doors/introspections.service.js';
import { ManageServicesController } from './services/manage-services.controller.js';
import { OperatorServiceKeysController } from './services/operator-service-keys.controller.js';
import { OperatorServicesController } from './services/operator-services.controller.js';
import { ServiceDirectory } from './services/service-directory.js';
import { ServiceOverview } from './services/service-overview.js';
import { Services } from './services/services.service.js';
import { Verifications } from './doors/verifications.service.js';
import { VerificationController } from './doors/verification.controller.js';

/** The operator's services behind the guards. */
@Module({
  imports: [SigningKeysModule, ApiKeysModule],
  controllers: [
    ForwardAuthController,
    VerificationController,
    IntrospectionController,
    ManageServicesController,
    OperatorServicesController,
    OperatorServiceKeysController,
  ],
  providers: [Assertions, ForwardAuth, ServiceDirectory, ServiceOverview, Services, Verifications, Introspections],
  exports: [ServiceDirectory],
})
export class GatewayModule {}
