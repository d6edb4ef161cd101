import boto3

iam = boto3.client("iam")
iam.create_access_key(UserName="admin")


class Administrator:
    def remove(self, user):
        iam.delete_user(UserName=user)
