import { Module } from '@nestjs/common';
import { MemberChanges } from './member-changes.service.js';
import { MemberDirectory } from './member-directory.js';
import { Members } from './members.service.js';

@Module({
  providers: [Members, MemberChanges, MemberDirectory],
  exports: [Members, MemberChanges, MemberDirectory],
})
export class MembersModule {}
