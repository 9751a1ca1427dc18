'use client';

import { Ellipsis } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Menu, MenuAction } from '@/components/ui/menu';

/** Something that can be done with an object as it is. */
export interface Offer<Verb extends string> {
  readonly verb: Verb;
  readonly label: string;
  readonly isOffered: boolean;
  /** It is what one most likely came for, where it stands first. */
  readonly isMain?: boolean;
}

export interface OffersProps<Verb extends string> {
  /** The most likely first. */
  readonly offers: readonly Offer<Verb>[];
  readonly onChoose: (verb: Verb) => void;
}

/** As many stand beside the title; the others are in a menu. */
const BUTTONS = 2;

export function Offers<Verb extends string>({ offers, onChoose }: OffersProps<Verb>) {
  const offered = offers.filter(({ isOffered }) => isOffered);
  const [first] = offered;
  return (
    <>
      {offered.length > BUTTONS && (
        <Menu
          trigger={
            <Button look="quiet" aria-label="More to do">
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          {offered.slice(BUTTONS).map(({ verb, label }) => (
            <MenuAction key={verb} onSelect={() => onChoose(verb)}>
              {label}
            </MenuAction>
          ))}
        </Menu>
      )}
      {offered
        .slice(0, BUTTONS)
        .toReversed()
        .map((offer) => (
          <Button
            key={offer.verb}
            look={offer === first && offer.isMain === true ? 'primary' : 'secondary'}
            onClick={() => onChoose(offer.verb)}
          >
            {offer.label}
          </Button>
        ))}
    </>
  );
}
