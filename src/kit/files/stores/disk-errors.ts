import { fileErrors } from '../files.errors.js';

/** The disk is full, missing or not writable. The client can't fix these. */
const DISK_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOTDIR']);

/** @throws AppError storage_unavailable (503) for errors of the disk, and all others as they are */
export async function reportingDiskErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code !== undefined && DISK_ERRORS.has(code) ? fileErrors.storage_unavailable({ cause: error }) : error;
  }
}
