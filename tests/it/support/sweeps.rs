//! The sweep of an app under test, stepped by hand.

use bagel::sweep::Step;

use crate::support::test_app::TestApp;

impl TestApp {
    /// Steps the sweep until nothing is due; returns how many looks it took.
    pub(crate) async fn sweep(&self) -> usize {
        let mut looks = 0;
        loop {
            match self.sweep_once().await {
                Step::Idle => return looks,
                Step::Looked | Step::Failed(_) | Step::Down(_) => looks += 1,
            }
        }
    }

    /// One step of the sweep of this provider.
    pub(crate) async fn sweep_of(&self, provider: &str) -> Step {
        let mut sweepers = self.sweepers.lock().await;
        let mut sweepers = sweepers.iter_mut();
        let sweeper = sweepers.find(|sweeper| sweeper.provider() == provider);
        sweeper.unwrap().step().await.unwrap()
    }

    /// One step of the sweep, of the first provider of which something is due.
    pub(crate) async fn sweep_once(&self) -> Step {
        for sweeper in &mut *self.sweepers.lock().await {
            match sweeper.step().await.unwrap() {
                Step::Idle => {}
                step => return step,
            }
        }
        Step::Idle
    }
}
