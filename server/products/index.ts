/**
 * The verbs of a product that know nothing of prices. `server/prices` adds the others, and is where
 * the whole resource is put together.
 */
export { toDeletedProduct, toProduct, type Product } from './object';
export { addProduct, list, retrieve, search } from './operations';
export {
  InlineProduct,
  PRODUCT_UNSUPPORTED,
  ProductFields,
  ProductId,
  UpdateProduct,
} from './params';
export {
  find as findProduct,
  findAll as findProducts,
  hold as holdProduct,
  lock as lockProduct,
  lockForRemoval as lockProductForRemoval,
  remove as removeProduct,
  update as updateProduct,
  type ProductRow,
} from './store';
