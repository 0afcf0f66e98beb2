/// How long a certificate holds, and when it is time for the next.
package struct Validity: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case fine
        /// Less than a third remains, which leaves time to renew calmly.
        case renewalDue
        case expired
    }

    package let notBefore: WallTime
    package let notAfter: WallTime

    package init(notBefore: WallTime, notAfter: WallTime) {
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    package func state(at now: WallTime) -> State {
        guard notAfter > now else { return .expired }
        let whole = notAfter - notBefore
        return (notAfter - now).milliseconds < whole.milliseconds / 3 ? .renewalDue : .fine
    }
}
