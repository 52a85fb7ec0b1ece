import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The shim and the reporter are plain scripts that other programs load; they stand outside the type-checked project.
  { ignores: ['build/', 'node_modules/', 'contracts/', 'src/toolchain/solc-shim.mjs', 'test/harness/reporter.cjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // `new Error` without its cause hides why something failed.
      'preserve-caught-error': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/cli/**', 'src/toolchain/**'], rules: { 'no-console': 'off' } },
);
