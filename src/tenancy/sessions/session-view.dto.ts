import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, EMAIL, INSTANT, UUID } from '../../core/wire/schema.js';

class SignedInUser {
  @Field(UUID)
  readonly id: string;

  @Field(EMAIL)
  readonly email: string;

  @Field()
  readonly name: string;
}

class SignedInOrg {
  @Field(UUID)
  readonly id: string;

  @Field()
  readonly name: string;
}

class SignedInRole {
  @Field(UUID)
  readonly id: string;

  @Field()
  readonly name: string;
}

/** The session, member and org of a signed-in browser. */
export class SessionView {
  @Field()
  readonly user: SignedInUser;

  @Field()
  readonly org: SignedInOrg;

  @Field()
  readonly role: SignedInRole;

  @Field(INSTANT)
  readonly expires_at: Date;

  @About('Whether agents are of use here: keys can act for one, or the resource is on.')
  @Field(BOOLEAN)
  readonly has_agents: boolean;

  @About('Whether services are declared, which the dashboard then lists.')
  @Field(BOOLEAN)
  readonly has_services: boolean;
}
