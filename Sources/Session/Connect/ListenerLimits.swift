/// How many connections a listener keeps.
package struct ListenerLimits: Hashable, Sendable {
    /// Peers that have introduced themselves, control and bulk connections together; one more is told to come later.
    package var connections = 256
    /// Connections whose peers have not introduced themselves yet; one more lets the oldest go.
    package var newcomers = 64
    /// The same, of one address.
    package var newcomersPerAddress = 8

    /// How long a guest, who has no certificate, may stay; until then its place is that of a newcomer.
    package var guestTime = Duration.seconds(20)

    package init() {}
}
