class APIGatewayRestResolver:
    def get(self, path):
        return lambda function: function

    def resolve(self, event, context): ...
