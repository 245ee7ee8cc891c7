import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Optional } from '../../../core/validation/decorators.js';
import { IsCustomFields } from '../../../core/validation/field-types.js';
import { MaxLength } from '../../../core/validation/text-length.js';
import { About, Field, partOf } from '../../../core/wire/field.js';
import { WIDGET_MODES, WidgetConfig, type WidgetMode, type WidgetTheme } from './widget-config.entity.js';

const ORIGINS_MAX = 50;

export class UpdateWidgetConfigDto {
  @About('Domains, such as `app.example.com` or `*.example.com`; an empty list allows any page.')
  @Optional()
  @MaxLength(255, { each: true })
  @IsString({ each: true })
  @ArrayMaxSize(ORIGINS_MAX)
  @IsArray()
  allowed_origins?: string[];

  @Optional()
  @IsInterval()
  sessions_polling_interval_seconds?: number;

  @Optional()
  @IsInterval()
  session_polling_interval_seconds?: number;

  @Optional()
  @IsIn(WIDGET_MODES, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(WIDGET_MODES.length)
  @ArrayMinSize(1)
  @IsArray()
  modes?: WidgetMode[];

  @About('Replaces the whole theme.')
  @Optional()
  @IsCustomFields()
  theme?: WidgetTheme;
}

export class ShownWidgetToken {
  @About('64 hex characters, for the page that shows the widget.')
  @Field()
  widget_token: string;
}

export class ShownWidgetConfig extends partOf(
  WidgetConfig,
  'allowed_origins',
  'sessions_polling_interval_seconds',
  'session_polling_interval_seconds',
  'modes',
  'theme',
) {
  @Field()
  widget_token: string;
}

function IsInterval(): PropertyDecorator {
  return applyDecorators(Max(300), Min(3), IsInt());
}
