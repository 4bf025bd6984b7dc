//! The signals that end a run early: what is known by then is written.

use tokio::signal;

/// Is ready when the program is asked to end.
pub(super) async fn asked() {
    #[cfg(unix)]
    {
        let terminate = signal::unix::signal(signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = signal::ctrl_c() => {}
            }
            return;
        }
    }
    if signal::ctrl_c().await.is_err() {
        // Without signals nobody asks.
        std::future::pending::<()>().await;
    }
}
