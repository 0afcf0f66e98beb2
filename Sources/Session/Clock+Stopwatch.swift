extension Clock where Duration == Swift.Duration {
    /// Tells how much time has passed on this clock since the call.
    func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
