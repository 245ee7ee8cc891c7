import { ArrayMaxSize, IsArray } from 'class-validator';
import { Absentable, check, Id, Text } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { IsEmailAddress } from '../../core/validation/field-types.js';
import { About, Field } from '../../core/wire/field.js';
import { INSTANT, URI } from '../../core/wire/schema.js';

const PATH_CHARACTERS_MAX = 500;
/** Segments of unreserved characters, and a query. */
const DASHBOARD_PATH = /^(?:\/[\w.~-]+)*\/?(?:\?[\w.~%&=:-]*)?$/;
/** Segments that a browser resolves, which could lead out of the dashboard. */
const RESOLVED: readonly string[] = ['.', '..'];

function isDashboardPath(path: string): boolean {
  if (!path.startsWith('/') || !DASHBOARD_PATH.test(path)) return false;
  return !path
    .split('?', 1)[0]!
    .split('/')
    .some((segment) => RESOLVED.includes(segment));
}

function IsDashboardPath(): PropertyDecorator {
  const isPath = (value: unknown) =>
    typeof value === 'string' && value.length <= PATH_CHARACTERS_MAX && isDashboardPath(value);
  return check('dashboardPath', isPath, 'must be a path below /dashboard, such as /keys/new', {
    schema: { type: 'string', maxLength: PATH_CHARACTERS_MAX, pattern: DASHBOARD_PATH.source },
  });
}

/** `POST /partner/v1/orgs/:orgId/login-links` (S1). Null means absent. */
export class CreateLoginLinkDto {
  @About('Who signs in; an account is made if there is none.')
  @IsEmailAddress()
  email: string;

  @About('Of a new member. Defaults to what is before the @.')
  @Absentable()
  @Name(200)
  name?: string | null;

  @About('Of a new member; who is one already keeps the role.')
  @Absentable()
  @IsArray()
  @ArrayMaxSize(10)
  @Id({ each: true })
  role_ids?: string[] | null;

  @About('The page of the dashboard that the link opens, such as `/keys/new`. Defaults to the list of keys.')
  @Absentable()
  @IsDashboardPath()
  path?: string | null;
}

export class UseLoginLinkDto {
  @About('Of the link.')
  @Text(1, 200)
  token: string;
}

/** A new link. The first browser that opens it is signed in. */
export class LoginLinkView {
  @About('Signs in the first browser that opens it.')
  @Field(URI)
  url: string;

  @About('15 minutes from now.')
  @Field(INSTANT)
  expires_at: Date;
}
