export { checklistOf, type Checklist } from './checklist';
export {
  CustomerFilters,
  customersWorth,
  filteredCustomers,
  type CustomerWorth,
} from './customers';
export { noticesOf, type Notices } from './notices';
export { attentionOf, type Attention } from './store';
export { rollFigures } from './roll';
export { summarize, type CurrencyFigures, type Series, type Summary } from './summary';
