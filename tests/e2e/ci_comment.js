// Runs the script that posts the comment, given as a file, as actions/github-script does: with a GitHub that has pull
// request 7. Prints what was done for each of several artifacts and states of the pull request.
const fs = require('fs');
const path = require('path');

const AsyncFunction = (async () => {}).constructor;
const post = new AsyncFunction('require', 'github', 'context', 'core', fs.readFileSync(process.argv[2], 'utf8'));
const real = fs.readFileSync(process.env.COMMENT, 'utf8');
const mark = '<!-- heapwarden -->\nbefore';
const bot = { login: 'github-actions[bot]' };

async function attempt(file, comments, newest = 'abc') {
	const done = [];
	const github = {
		paginate: async (list) => (await list()).data,
		rest: {
			pulls: {
				list: async ({ head }) => ({
					data: head === 'fork:feature' ? [{ number: 7, head: { sha: newest, repo: { id: 5 } } }] : [],
				}),
			},
			issues: {
				listComments: async () => ({ data: comments }),
				createComment: async (to) => done.push(`created ${to.issue_number}${to.body === real ? '' : ' otherwise'}`),
				updateComment: async (to) => done.push(`updated ${to.comment_id}${to.body === real ? '' : ' otherwise'}`),
			},
		},
	};
	const context = {
		repo: { owner: 'o', repo: 'r' },
		payload: {
			workflow_run: { head_sha: 'abc', head_branch: 'feature', head_repository: { id: 5, owner: { login: 'fork' } } },
		},
	};
	process.env.COMMENT = file;
	await post(require, github, context, { setFailed: () => done.push('failed'), notice: () => done.push('nothing') });
	return done.join(', ');
}

async function main() {
	const comment = process.env.COMMENT;
	const bad = path.join(path.dirname(comment), 'bad.md');
	const link = path.join(path.dirname(comment), 'link.md');

	console.log(await attempt(comment, [{ id: 1, user: { login: 'mallory' }, body: mark }, { id: 2, user: bot, body: 'x' }]));
	console.log(await attempt(comment, [{ id: 2, user: bot, body: 'x' }, { id: 3, user: bot, body: mark }]));
	console.log(`newer commit: ${await attempt(comment, [], 'def')}`);
	fs.writeFileSync(bad, `<!-- heapwarden -->\n${'x'.repeat(65536)}`);
	console.log(`too long: ${await attempt(bad, [])}`);
	fs.writeFileSync(bad, 'anything');
	console.log(`no marker: ${await attempt(bad, [])}`);
	fs.symlinkSync(comment, link);
	console.log(`link: ${await attempt(link, [])}`);
}

main();
