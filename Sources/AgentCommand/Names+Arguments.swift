import ArgumentParser
import Model

extension ServiceName: ExpressibleByArgument {}
extension EnvironmentName: ExpressibleByArgument {}
extension Version: ExpressibleByArgument {}
