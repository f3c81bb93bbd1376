export { HomeError, readEndpoints, resolveHome } from '@touchstone/server-ecosystem';
