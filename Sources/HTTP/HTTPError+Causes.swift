import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

extension HTTPError {
    /// What went wrong below, in the words of an operator.
    init(_ error: any Error, request: HTTPRequest) {
        let url = "\(request.url)"
        switch error {
        case let error as HTTPError: self = error
        case let error as NIOConnectionError: self = Self.connection(error, request)
        case let error as IOError: self = Self.system(error, url)
        case ChannelError.connectTimeout:
            let limit = Self.text(min(request.connectTimeout, request.timeout))
            self.init(.timedOut, url, "no connection within \(limit): is the host up, and the port open?")
        case let error as TLSError: self.init(.tlsFailed, url, error.advice, cause: "\(error)")
        case let error as HTTPParserError:
            self.init(.invalidResponse, url, "what answers there does not speak HTTP/1.1", cause: "\(error)")
        case is CancellationError: self.init(.cancelled, url, "the request was cancelled")
        case let error: self.init(.failed, url, "the request failed", cause: "\(error)")
        }
    }

    static func timedOut(_ request: HTTPRequest) -> Self {
        Self(.timedOut, "\(request.url)", "timed out: no whole answer within \(text(request.timeout))")
    }

    private static func connection(_ error: NIOConnectionError, _ request: HTTPRequest) -> Self {
        if let failure = error.connectionErrors.last { return Self(failure.error, request: request) }
        let cause = (error.dnsAError ?? error.dnsAAAAError).map { "\($0)" }
        return Self(.nameNotFound, "\(request.url)", "no address is known for '\(error.host)'", cause: cause)
    }

    private static func system(_ error: IOError, _ url: String) -> Self {
        let cause = strerror(error.errnoCode).map { String(cString: $0) }
        return switch error.errnoCode {
        case ECONNREFUSED: Self(.refused, url, "the connection was refused: nothing listens there", cause: cause)
        case ENOENT: Self(.refused, url, "there is no such socket", cause: cause)
        case EACCES, EPERM: Self(.refused, url, "the connection is not permitted", cause: cause)
        case ECONNRESET, EPIPE: Self(.closedEarly, url, "the server broke the connection off", cause: cause)
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL:
            Self(.unreachable, url, "there is no way to the host", cause: cause)
        case ETIMEDOUT: Self(.timedOut, url, "the host does not answer", cause: cause)
        default: Self(.failed, url, "the connection failed", cause: cause)
        }
    }

    /// A span as people write it: `250ms`, `2s`.
    static func text(_ span: Duration) -> String {
        let milliseconds = span.components.seconds * 1000 + span.components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
