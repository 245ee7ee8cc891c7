import { lazy, Suspense, useLayoutEffect, useState } from 'react';
import { SearchIcon } from './icons';
import classes from './navigation.module.css';

const Palette = lazy(() => import('../palette/palette'));
const isApple = /Mac|iP/.test(navigator.userAgent);

/** Opens the palette, as Ctrl-K or ⌘K does on every page. */
export function PaletteButton() {
  const [isOpen, setOpen] = useState(false);
  // Before the button is painted, so that no key press is lost.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'k') return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" className={classes['search']} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <SearchIcon size={16} />
        Search
        <kbd>{isApple ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      {isOpen && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
