import NIOCore
import NIOPosix

extension SocketAddress {
    /// Whether the socket has no TCP beneath it.
    var isUnix: Bool {
        switch self {
        case .unixDomainSocket: true
        case .v4, .v6: false
        }
    }
}

extension ClientBootstrap {
    /// The option, where it applies.
    func channelOption<Option: ChannelOption>(_ option: Option, value: Option.Value, unless excluded: Bool)
        -> ClientBootstrap
    {
        excluded ? self : channelOption(option, value: value)
    }
}

extension ServerBootstrap {
    /// The option for accepted channels, where it applies.
    func childChannelOption<Option: ChannelOption>(_ option: Option, value: Option.Value, unless excluded: Bool)
        -> ServerBootstrap
    {
        excluded ? self : childChannelOption(option, value: value)
    }
}
